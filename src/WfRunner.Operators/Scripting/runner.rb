# Calls a Ruby method for an rb> task of wf: ruby runner.rb METHOD INPUT.json OUTPUT.json
require 'json'

command, input_path, output_path = ARGV

module DigdagEnv
  SUBTASK_CONFIG = {}
  EXPORT_PARAMS = {}
  STORE_PARAMS = {}
  STATE_PARAMS = {}
end
DigdagEnv::PARAMS = JSON.parse(File.read(input_path, encoding: 'UTF-8'))['params']

module Digdag
  class Env
    def initialize
      @subtasks = 0
    end

    def params
      DigdagEnv::PARAMS
    end

    def subtask_config
      DigdagEnv::SUBTASK_CONFIG
    end

    def export_params
      DigdagEnv::EXPORT_PARAMS
    end

    def store_params
      DigdagEnv::STORE_PARAMS
    end

    def state_params
      DigdagEnv::STATE_PARAMS
    end

    def set_state(values = {}, **more)
      add(state_params, values, more)
    end

    def export(values = {}, **more)
      add(export_params, values, more)
    end

    def store(values = {}, **more)
      add(store_params, values, more)
    end

    # add_subtask(config), add_subtask(:method, params), add_subtask(Class, :method, params)
    def add_subtask(*arguments)
      given = arguments.length
      params = arguments.last.is_a?(Hash) ? arguments.pop : {}
      config = params.transform_keys(&:to_s)
      case arguments.length
      when 0
        raise ArgumentError, wrong_number(given) if given.zero?
      when 1
        config['rb>'] = checked_name(arguments[0])
      when 2
        config['rb>'] = "::#{checked_class(arguments[0], arguments[1])}.#{checked_name(arguments[1])}"
      else
        raise ArgumentError, wrong_number(given)
      end
      begin
        JSON.generate(config)
      rescue StandardError => error
        raise ArgumentError, "Parameters must be serializable using JSON: #{error}"
      end
      subtask_config["+subtask#{@subtasks}"] = config
      @subtasks += 1
      nil
    end

    private

    def add(target, values, more)
      target.update(values.transform_keys(&:to_s))
      target.update(more.transform_keys(&:to_s))
      nil
    end

    def wrong_number(given)
      "wrong number of arguments (#{given} for 1..3 with the last argument is a Hash)"
    end

    def checked_name(name)
      raise ArgumentError, "Method name can't include '.'" if name.to_s.include?('.')
      name.to_s
    end

    def checked_class(owner, name)
      found = owner.is_a?(Module) ? owner : begin
        Object.const_get(owner.to_s)
      rescue NameError
        raise ArgumentError, "Could not find class named #{owner}"
      end
      unless found.respond_to?(name) || (found.is_a?(Class) && found.public_method_defined?(name))
        raise ArgumentError, "Class #{found} does not have method #{name.inspect}"
      end
      found.name
    end
  end

  ENV_INSTANCE = Env.new

  def self.env
    ENV_INSTANCE
  end
end

module DigdagRunner
  def self.symbolized(value)
    case value
    when Hash then value.to_h { |key, inner| [key.to_sym, symbolized(inner)] }
    when Array then value.map { |inner| symbolized(inner) }
    else value
    end
  end

  # The arguments of a call: parameters of the task by name.
  def self.arguments_of(method, described)
    positional = []
    named = {}
    skipped = false
    method.parameters.each do |kind, name|
      key = name.to_s
      set = DigdagEnv::PARAMS.key?(key)
      raise ArgumentError, "Method '#{described}' requires parameter '#{key}' but not set" if !set && [:req, :keyreq].include?(kind)
      case kind
      when :req
        positional << DigdagEnv::PARAMS[key]
      when :opt
        skipped ||= !set
        positional << DigdagEnv::PARAMS[key] unless skipped
      when :key, :keyreq
        named[name] = DigdagEnv::PARAMS[key] if set
      when :keyrest
        named = symbolized(DigdagEnv::PARAMS).merge(named)
      end
    end
    [positional, named]
  end

  def self.call(method, described)
    positional, named = arguments_of(method, described)
    named.empty? ? method.call(*positional) : method.call(*positional, **named)
  end

  def self.instantiate(type)
    constructor = type.instance_method(:initialize)
    return type.new if constructor.owner == BasicObject
    positional, named = arguments_of(constructor, "#{type}.new")
    named.empty? ? type.new(*positional) : type.new(*positional, **named)
  end

  # The method that the command names, and its name for messages.
  def self.resolve(command)
    owner, dot, name = command.rpartition('.')
    return [TOPLEVEL_BINDING.receiver.method(name), name] if dot.empty?

    type = Object.const_get(owner)
    if type.is_a?(Class) && type.public_method_defined?(name)
      [instantiate(type).method(name), "#{type}##{name}"]
    else
      [type.method(name), "#{type}.#{name}"]
    end
  end
end

$LOAD_PATH << Dir.pwd
write = ->(result) { File.write(output_path, JSON.generate(result), encoding: 'UTF-8') }
begin
  DigdagRunner.call(*DigdagRunner.resolve(command))
rescue StandardError, LoadError => error
  write.call('error' => { 'class' => error.class.to_s, 'message' => error.message, 'backtrace' => error.backtrace })
  raise
end

write.call(
  'subtask_config' => DigdagEnv::SUBTASK_CONFIG,
  'export_params' => DigdagEnv::EXPORT_PARAMS,
  'store_params' => DigdagEnv::STORE_PARAMS
)
