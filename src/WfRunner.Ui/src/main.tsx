import { createRoot } from 'react-dom/client';
import './design/tokens.css';
import './design/base.css';
import './design/components.css';
import { App } from './App';
import { installTips } from './components/tips';

installTips();
createRoot(document.getElementById('root')!).render(<App />);
